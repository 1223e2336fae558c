import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/scripting/lua/syntax/parser.ts';
import { listText } from './tree-text.ts';

const tree = (source: string) => listText(parse(source, '@'));

/** Locals are numbered as they are met; `!` is one that a function within captures, `=` one that is assigned to. */
const CASES: readonly {
  readonly about: string;
  readonly cases: readonly (readonly [source: string, tree: string])[];
}[] = [
  {
    about: 'statements',
    cases: [
      ['', '{}'],
      ['-- nothing', '{}'],
      ['x = 1', '{(= [x] 1)}'],
      ['x, y.z, t[1] = 1, 2', '{(= [x (. y "z") (. t 1)] 1 2)}'],
      ['f()', '{(call f)}'],
      ['f();g();', '{(call f); (call g)}'],
      ['f"s"', '{(call f "s")}'],
      ['f[[s]]', '{(call f "s")}'],
      ['f{1}', '{(call f (table 1))}'],
      ['a.b.c:d(1, 2)', '{(call:d (. (. a "b") "c") 1 2)}'],
      ['f(1)(2)[3].g:h{}', '{(call:h (. (. (call (call f 1) 2) 3) "g") (table))}'],
      ['do local x; x = 1 end', '{(do {(local [x.1=]); (= [x.1=] 1)})}'],
      ['local a', '{(local [a.1])}'],
      ['local a, b = f()', '{(local [a.1 b.2] (call f))}'],
      ['local function f() return f end', '{(local-function f.1! (function [] {f<f.1!} {(return ^f)}))}'],
      ['local f = function() return f end', '{(local [f.1] (function [] {(return f)}))}'],
      ['function f() end', '{(= [f] (function [] {}))}'],
      ['function a.b.c() end', '{(= [(. (. a "b") "c")] (function [] {}))}'],
      [
        'function a.b:c(x) return self, x end',
        '{(= [(. (. a "b") "c")] (function [self.1 x.2] {(return self.1 x.2)}))}',
      ],
      ['while a do break end', '{(while a {(break)})}'],
      ['repeat local x = f() until x', '{(repeat {(local [x.1] (call f))} x.1)}'],
      ['if a then f() end', '{(if a {(call f)})}'],
      [
        'if a then elseif b then g() elseif c then else h() end',
        '{(if a {} b {(call g)} c {} else {(call h)})}',
      ],
      ['for i = 1, 2 do f(i) end', '{(for i.1 1 2 {(call f i.1)})}'],
      ['for i = 1, 2, 3 do i = 4 end', '{(for i.1= 1 2 3 {(= [i.1=] 4)})}'],
      ['for k in next, t do f(k) end', '{(for-in [k.1] next t {(call f k.1)})}'],
      ['for k, v in pairs(t) do break; end', '{(for-in [k.1 v.2] (call pairs t) {(break)})}'],
      ['return', '{(return)}'],
      ['return;', '{(return)}'],
      ['return 1, f()', '{(return 1 (call f))}'],
      ['do return f() end g()', '{(do {(return (call f))}); (call g)}'],
      ['while a do if b then break end f() end', '{(while a {(if b {(break)}); (call f)})}'],
      ['(f or g)()', '{(call (or f g))}'],
      ['("x"):rep(2)', '{(call:rep "x" 2)}'],
      ['(a).b = 1', '{(= [(. a "b")] 1)}'],
      ['(f()).b = 1', '{(= [(. (one (call f)) "b")] 1)}'],
    ],
  },
  {
    about: 'operators bind',
    cases: [
      ['x = a or b and c', '{(= [x] (or a (and b c)))}'],
      ['x = (a or b) and c', '{(= [x] (and (or a b) c))}'],
      ['x = a and b or c and d', '{(= [x] (or (and a b) (and c d)))}'],
      ['x = a < b == c', '{(= [x] (== (< a b) c))}'],
      ['x = a == b ~= c', '{(= [x] (~= (== a b) c))}'],
      ['x = a .. b .. c', '{(= [x] (.. a (.. b c)))}'],
      ['x = a + b .. c + d', '{(= [x] (.. (+ a b) (+ c d)))}'],
      ['x = a + b - c', '{(= [x] (- (+ a b) c))}'],
      ['x = a - (b - c)', '{(= [x] (- a (- b c)))}'],
      ['x = a * b / c % d', '{(= [x] (% (/ (* a b) c) d))}'],
      ['x = a + b * c', '{(= [x] (+ a (* b c)))}'],
      ['x = a ^ b ^ c', '{(= [x] (^ a (^ b c)))}'],
      ['x = -a ^ b', '{(= [x] (- (^ a b)))}'],
      ['x = a ^ -b', '{(= [x] (^ a (- b)))}'],
      ['x = a ^ -b ^ c', '{(= [x] (^ a (- (^ b c))))}'],
      ['x = -a * b', '{(= [x] (* (- a) b))}'],
      ['x = not a == b', '{(= [x] (== (not a) b))}'],
      ['x = not (a == b)', '{(= [x] (not (== a b)))}'],
      ['x = #a .. b', '{(= [x] (.. (# a) b))}'],
      ['x = - - a', '{(= [x] (- (- a)))}'],
      ['x = not not a', '{(= [x] (not (not a)))}'],
      ['x = a >= b and c <= d or e > f', '{(= [x] (or (and (>= a b) (<= c d)) (> e f)))}'],
      ['x = -#a.b[c]', '{(= [x] (- (# (. (. a "b") c))))}'],
      ['x = 2 ^ - 3 * 4', '{(= [x] (* (^ 2 (- 3)) 4))}'],
      ['x = a .. b == c .. d', '{(= [x] (== (.. a b) (.. c d)))}'],
      ['x = 1 + 2 < 3 + 4', '{(= [x] (< (+ 1 2) (+ 3 4)))}'],
    ],
  },
  {
    about: 'values',
    cases: [
      ['x = nil, true, false', '{(= [x] nil true false)}'],
      ['x = {}', '{(= [x] (table))}'],
      ['x = {1, 2; 3,}', '{(= [x] (table 1 2 3))}'],
      ['x = {a = 1, ["b"] = 2, [3] = c, d}', '{(= [x] (table "a"=1 "b"=2 3=c d))}'],
      ['x = {a, b, c = d, e == f, (g)}', '{(= [x] (table a b "c"=d (== e f) g))}'],
      ['x = {f(), f()}', '{(= [x] (table (call f) (call f)))}'],
      ['x = {...}', '{(= [x] (table ...))}'],
      ['x = (...)', '{(= [x] (one ...))}'],
      ['x = (f())', '{(= [x] (one (call f)))}'],
      ['x = ((f()))', '{(= [x] (one (call f)))}'],
      ['x = (a:b())', '{(= [x] (one (call:b a)))}'],
      ['x = (a)', '{(= [x] a)}'],
      ['x = ((a + b))', '{(= [x] (+ a b))}'],
      ['x = (1)', '{(= [x] 1)}'],
      ['x = function(a, b) return a end', '{(= [x] (function [a.1 b.2] {(return a.1)}))}'],
      ['x = {a\n(1)}', '{(= [x] (table (call a 1)))}'],
    ],
  },
  {
    about: 'numbers',
    cases: [
      ['return 0, 1, 10, 007, 123456789012', '{(return 0 1 10 7 123456789012)}'],
      ['return 3.14, .5, 5., 1e3, 1E-3, 1.5e+2, .5e1', '{(return 3.14 0.5 5 1000 0.001 150 5)}'],
      [
        'return 0x10, 0XfF, 0x1p4, 0x1P0, 0xffffffffffffffffff',
        '{(return 16 255 16 1 4.722366482869645e+21)}',
      ],
      [
        'return 1e308, 1e309, 1e-400, 9007199254740993, 0.1',
        '{(return 1e+308 Infinity 0 9007199254740992 0.1)}',
      ],
      ['return 3-2, 3 -2, 3--2\n', '{(return (- 3 2) (- 3 2) 3)}'],
      ['return 1 ..2, a.b', '{(return (.. 1 2) (. a "b"))}'],
    ],
  },
  {
    about: 'strings',
    cases: [
      ['return "", \'\', "it\'s", \'"\'', '{(return "" "" "it\'s" "\\"")}'],
      [
        'return "\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\\'\\?\\q"',
        '{(return "\\u0007\\b\\f\\n\\r\\t\\u000b\\\\\\"\'?q")}',
      ],
      ['return "\\0\\00\\000\\65\\0651\\255\\1b"', '{(return "\\u0000\\u0000\\u0000AA1\xff\\u0001b")}'],
      ['return "a\\\nb\\\r\nc\\\n\rd\\\re"', '{(return "a\\nb\\nc\\nd\\ne")}'],
      ['return [[a]], [==[b]]c]=]d]==], [[]]', '{(return "a" "b]]c]=]d" "")}'],
      [
        'return [[\na\n\nb]], [[\r\na\r\nb\n\rc\rd]], [=[\n\n]=]',
        '{(return "a\\n\\nb" "a\\nb\\nc\\nd" "\\n")}',
      ],
      [
        'return [[a\\n"\']], [=[[[x]]]=], [[a[b]c]], [==[]=]==]',
        '{(return "a\\\\n\\"\'" "[[x]]" "a[b]c" "]=")}',
      ],
      ['return [[a [[b]], [=[ [=[ ]=]', '{(return "a [[b" " [=[ ")}'],
      ['return "\xe9\xff", [[\x80]], "--x"', '{(return "\xe9\xff" "\x80" "--x")}'],
      ['return "a\x00b\\0c"', '{(return "a\\u0000b\\u0000c")}'],
      ['return "tab\there"', '{(return "tab\\there")}'],
    ],
  },
  {
    about: 'comments',
    cases: [
      ['--\nx = 1', '{(= [x] 1)}'],
      ['--[[x\n]]y = 1', '{(= [y] 1)}'],
      ['--[==[\n]]\n]=]\n]==]y = 1', '{(= [y] 1)}'],
      ['--[x]\ny = 1', '{(= [y] 1)}'],
      ['--[=x\ny = 1', '{(= [y] 1)}'],
      ['-- [[x\ny = 1', '{(= [y] 1)}'],
      ['--[[]]--[=[]=]y = 1--', '{(= [y] 1)}'],
      ['x = 1 --[[2]] + --3\n4', '{(= [x] (+ 1 4))}'],
      ['x--\n= 1', '{(= [x] 1)}'],
    ],
  },
  {
    about: 'names',
    cases: [
      ['local a = a', '{(local [a.1] a)}'],
      ['local a, a = 1; return a', '{(local [a.1 a.2] 1); (return a.2)}'],
      ['local a; local a = a', '{(local [a.1]); (local [a.2] a.1)}'],
      [
        'local a; do local a = a; a = 2 end; a = 3',
        '{(local [a.1=]); (do {(local [a.2=] a.1=); (= [a.2=] 2)}); (= [a.1=] 3)}',
      ],
      [
        'local a; function f() return a end',
        '{(local [a.1!]); (= [f] (function [] {a<a.1!} {(return ^a)}))}',
      ],
      ['local a; function f() a = 1 end', '{(local [a.1!=]); (= [f] (function [] {a<a.1!=} {(= [^a] 1)}))}'],
      [
        'local a, b; function f() return b, a, b end',
        '{(local [a.1! b.2!]); (= [f] (function [] {b<b.2! a<a.1!} {(return ^b ^a ^b)}))}',
      ],
      [
        'local a; function f() return function() return a end end',
        '{(local [a.1!]); (= [f] (function [] {a<a.1!} {(return (function [] {a<^0} {(return ^a)}))}))}',
      ],
      [
        'local a, b; function f() local b = b; return function() return b, a end end',
        '{(local [a.1! b.2!]); (= [f] (function [] {b<b.2! a<a.1!} {(local [b.3!] ^b); (return (function [] {b<b.3! a<^1} {(return ^b ^a)}))}))}',
      ],
      ['local a; function f(a) return a end', '{(local [a.1]); (= [f] (function [a.2] {(return a.2)}))}'],
      ['local a; function a.f() end', '{(local [a.1]); (= [(. a.1 "f")] (function [] {}))}'],
      ['local a; function a() end', '{(local [a.1=]); (= [a.1=] (function [] {}))}'],
      [
        'local a; function f() function a.g() end end',
        '{(local [a.1!]); (= [f] (function [] {a<a.1!} {(= [(. ^a "g")] (function [] {}))}))}',
      ],
      ['for i = i, i do f(i) end return i', '{(for i.1 i i {(call f i.1)}); (return i)}'],
      ['for k, v in k, v do f(k) end return v', '{(for-in [k.1 v.2] k v {(call f k.1)}); (return v)}'],
      [
        'local i; for i = i, 2 do f(function() return i end) end',
        '{(local [i.1]); (for i.2! i.1 2 {(call f (function [] {i<i.2!} {(return ^i)}))})}',
      ],
      ['repeat local x until x; return x', '{(repeat {(local [x.1])} x.1); (return x)}'],
      [
        'repeat local x until function() return x end',
        '{(repeat {(local [x.1!])} (function [] {x<x.1!} {(return ^x)}))}',
      ],
      ['while x do local x = x end return x', '{(while x {(local [x.1] x)}); (return x)}'],
      ['if x then local x = 1 else return x end', '{(if x {(local [x.1] 1)} else {(return x)})}'],
      [
        'local function f(n) return f(n - 1) end',
        '{(local-function f.1! (function [n.2] {f<f.1!} {(return (call ^f (- n.2 1)))}))}',
      ],
      ['function t:m() return self end', '{(= [(. t "m")] (function [self.1] {(return self.1)}))}'],
      ['function t.m() return self end', '{(= [(. t "m")] (function [] {(return self)}))}'],
      [
        'function t:m(self) return self end',
        '{(= [(. t "m")] (function [self.1 self.2] {(return self.2)}))}',
      ],
      ['function f(a, b, a) return a end', '{(= [f] (function [a.1 b.2 a.3] {(return a.3)}))}'],
      ['local x = function() return x end', '{(local [x.1] (function [] {(return x)}))}'],
      ['local redis = redis; return redis', '{(local [redis.1] redis); (return redis.1)}'],
    ],
  },
  {
    about: 'functions of any number of arguments',
    cases: [
      ['return ...', '{(return ...)}'],
      ['return arg', '{(return arg)}'],
      ['function f(...) return ... end', '{(= [f] (function [...] {(return ...)}))}'],
      ['function f(...) return arg end', '{(= [f] (function [...] arg:arg.1 {(return arg.1)}))}'],
      [
        'function f(a, ...) return a, arg, ... end',
        '{(= [f] (function [a.1 ...] {(local [arg.2]); (return a.1 arg.2 ...)}))}',
      ],
      [
        'function f(...) return function() return arg end end',
        '{(= [f] (function [...] arg:arg.1! {(return (function [] {arg<arg.1!} {(return ^arg)}))}))}',
      ],
      ['function f(...) arg = 1 end', '{(= [f] (function [...] arg:arg.1= {(= [arg.1=] 1)}))}'],
      ['function f(arg, ...) return arg end', '{(= [f] (function [arg.1 ...] arg:arg.2 {(return arg.2)}))}'],
      [
        'function f(...) local arg = 1; return arg end',
        '{(= [f] (function [...] {(local [arg.1] 1); (return arg.1)}))}',
      ],
      [
        'function f(...) return function(...) return arg, ... end, arg end',
        '{(= [f] (function [...] arg:arg.1 {(return (function [...] {(local [arg.2]); (return arg.2 ...)}) arg.1)}))}',
      ],
      ['function f(...) end', '{(= [f] (function [...] {}))}'],
      [
        'function t:f(...) return self, arg.n end',
        '{(= [(. t "f")] (function [self.1 ...] arg:arg.2 {(return self.1 (. arg.2 "n"))}))}',
      ],
      [
        'local arg; function f(...) return ... end',
        '{(local [arg.1]); (= [f] (function [...] {(return ...)}))}',
      ],
    ],
  },
];

describe.each(CASES)('$about', ({ cases }) => {
  test.each(cases)('%s', (source, expected) => {
    expect(tree(source)).toBe(expected);
  });
});
