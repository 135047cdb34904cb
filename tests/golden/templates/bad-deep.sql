{% set l = [] %}{% while True %}{% set l = [l] %}{% end %}
