{% set f = lambda x: x %}{% set y = 5 & 3 %}
SELECT 1
