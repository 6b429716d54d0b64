;; Estimates inner products of a query and many coded vectors. How both are laid out is said in codes.ts.
(module
  (memory (export "memory") 1)

  ;; For each of `count` addresses at `list` (u32), a coded vector of `planes` planes of `words` 64-bit words
  ;; (an even number) behind a head of 16 bytes: scale, sum (f32). The query is `bits` planes of as many words.
  ;; Writes scale * (products + half * sum + rest) as f32 to `out`.
  (func (export "estimate")
    (param $list i32) (param $count i32) (param $query i32) (param $planes i32) (param $words i32) (param $bits i32)
    (param $half f32) (param $rest f32) (param $out i32)
    (local $end i32) (local $code i32) (local $plane i32) (local $bit i32) (local $planeBytes i32)
    (local $x i32) (local $q i32) (local $last i32) (local $ones i64) (local $products i64)
    (local $next i32) (local $behind i32)
    (local.set $planeBytes (i32.shl (local.get $words) (i32.const 3)))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        ;; Codes lie far apart: those of the next sixteen are fetched side by side before they are compared.
        (if (i32.ge_u (local.get $list) (local.get $next))
          (then
            (local.set $next (i32.add (local.get $list) (i32.const 64)))
            (if (i32.gt_u (local.get $next) (local.get $end)) (then (local.set $next (local.get $end))))
            (local.set $behind (local.get $list))
            (loop $eachAhead
              (local.set $x (i32.load (local.get $behind)))
              (local.set $last
                (i32.add
                  (i32.add (local.get $x) (i32.const 16))
                  (i32.mul (local.get $planes) (local.get $planeBytes))))
              (loop $eachLine
                (drop (i32.load (local.get $x)))
                (local.set $x (i32.add (local.get $x) (i32.const 64)))
                (br_if $eachLine (i32.lt_u (local.get $x) (local.get $last))))
              (local.set $behind (i32.add (local.get $behind) (i32.const 4)))
              (br_if $eachAhead (i32.lt_u (local.get $behind) (local.get $next))))))
        (local.set $code (i32.load (local.get $list)))
        (local.set $products (i64.const 0))
        (local.set $plane (i32.const 0))
        (loop $eachPlane
          (local.set $bit (i32.const 0))
          (local.set $q (local.get $query))
          (loop $eachBit
            (local.set $x
              (i32.add
                (i32.add (local.get $code) (i32.const 16))
                (i32.mul (local.get $plane) (local.get $planeBytes))))
            (local.set $last (i32.add (local.get $x) (local.get $planeBytes)))
            (local.set $ones (i64.const 0))
            (loop $eachWord
              (local.set $ones
                (i64.add
                  (local.get $ones)
                  (i64.add
                    (i64.popcnt (i64.and (i64.load (local.get $x)) (i64.load (local.get $q))))
                    (i64.popcnt (i64.and (i64.load offset=8 (local.get $x)) (i64.load offset=8 (local.get $q)))))))
              (local.set $q (i32.add (local.get $q) (i32.const 16)))
              (local.set $x (i32.add (local.get $x) (i32.const 16)))
              (br_if $eachWord (i32.lt_u (local.get $x) (local.get $last))))
            (local.set $products
              (i64.add
                (local.get $products)
                (i64.shl
                  (local.get $ones)
                  (i64.extend_i32_u (i32.add (local.get $plane) (local.get $bit))))))
            (local.set $bit (i32.add (local.get $bit) (i32.const 1)))
            (br_if $eachBit (i32.lt_u (local.get $bit) (local.get $bits))))
          (local.set $plane (i32.add (local.get $plane) (i32.const 1)))
          (br_if $eachPlane (i32.lt_u (local.get $plane) (local.get $planes))))
        (f32.store (local.get $out)
          (f32.mul
            (f32.load (local.get $code))
            (f32.add
              (local.get $rest)
              (f32.add
                (f32.convert_i64_u (local.get $products))
                (f32.mul (local.get $half) (f32.load offset=4 (local.get $code)))))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $each))))
)
