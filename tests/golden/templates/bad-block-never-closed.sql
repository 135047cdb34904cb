SELECT 1
{% if defined(a) %}
  AND {{a}}
