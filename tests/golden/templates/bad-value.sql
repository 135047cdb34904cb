SELECT {{Int32(a, 'many')}}
