{% whitespace none %}
