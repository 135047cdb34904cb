SELECT {{String(a, 'x')}}
WHERE x = {{String(q, 'x')}}
