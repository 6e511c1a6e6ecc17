"""Small guests in WebAssembly's text form, for the tests of what runs them."""

from wasmtime import wat2wasm

# Answers "ok", wherever it is asked. `{render}` stands before that, `{start}` runs when an instance is made.
_GUEST = """
(module
  (memory (export "memory") 2)
  (global $calls (mut i32) (i32.const 0))
  (data (i32.const 1024) "ok0")
  (func (export "_initialize"))
  (func (export "gt_alloc") (param i32) (result i32) (i32.const 2048))
  (func (export "gt_free") (param i32))
  (func $deeper (param i32) (result i32) (call $deeper (local.get 0)) (i32.const 1) (i32.add))
  (func (export "gt_render") (param i32 i32) (result i64)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store8 (i32.const 1026) (i32.add (i32.const 48) (global.get $calls)))
    {render}
    (i64.or (i64.shl (i64.const 3) (i64.const 32)) (i64.const 1024))))
"""
_UNLESS_FIRST = "(if (i32.eq (i32.load8_u (i32.const 2048)) (i32.const 33)) (then {code}))"

COUNTING = ""
# What a guest does when the question begins with "!".
LOOPING = _UNLESS_FIRST.format(code="(loop (br 0))")
DYING = _UNLESS_FIRST.format(code="(unreachable)")
DIVIDING = _UNLESS_FIRST.format(code="(drop (i32.div_u (i32.const 1) (i32.const 0)))")
RECURSING = _UNLESS_FIRST.format(code="(drop (call $deeper (i32.const 0)))")
# 2000 pages of 64 KiB are more than is kept, 5000 more than is given.
GROWING = _UNLESS_FIRST.format(code="(drop (memory.grow (i32.const 2000)))")
GREEDY = _UNLESS_FIRST.format(code="(if (i32.eq (memory.grow (i32.const 5000)) (i32.const -1)) (then (unreachable)))")


def write(folder, render=COUNTING):
    """Write the guest that does *render* before it answers into *folder*; return its file."""
    path = folder / "guest.wasm"
    path.write_bytes(wat2wasm(_GUEST.format(render=render)))
    return path
