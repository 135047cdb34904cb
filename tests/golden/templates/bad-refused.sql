SELECT {{a == 'x'}}, {{a | upper}}, {{Strng(a)}}, {{a.upper()}}, {{x[-1]}}
