
SELECT
    {{columns(fields, 'model,provider')}},
    count() AS requests
FROM llm_events
WHERE start_time >= {{DateTime(start, '2025-01-01 00:00:00', description='First moment', required=True)}}
{% if defined(models) %}
    AND model IN {{Array(models, 'String', description='Models to show')}}
{% end %}
{% if day_diff(start, stop) > 31 %}{{error('at most 31 days')}}{% end %}
GROUP BY {{columns(fields, 'model,provider')}}
ORDER BY {{column(order_by, 'requests')}} DESC
LIMIT {{Int32(page_size, 10)}} OFFSET {{Int32(page, 0) * Int32(page_size, 10)}}
