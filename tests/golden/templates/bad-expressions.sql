SELECT {{String(a}}, {{ 1 +}}
{% if a = 1 %}x{% end %}
