SELECT {{Int32(a, 1)
