SELECT {{String(type, 'x')}}, {{Int32(token, 3)}}, {{String(pipeline, 'p')}}
