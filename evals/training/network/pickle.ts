/** What a class or function of Python's is called; none is ever run. */
export class PythonName {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A call that Python would make to build an object, by name and arguments. */
export interface PythonCall {
  readonly name: string
  readonly args: unknown[]
}

/** What an opcode does, apart from the ones that read more bytes. */
const marker = Symbol('mark')

/**
 * Reads one value of Python's pickle format, protocol 2, as far as a checkpoint of tensors needs it: numbers, texts,
 * tuples, lists, dictionaries, names and calls, which stay what they are. Nothing is executed.
 *
 * @param persistent what stands for an object that is stored elsewhere
 * @returns the value, and where in `bytes` it ends
 * @throws Error at an opcode that no such checkpoint has
 */
export function readPickle(
  bytes: Buffer,
  start: number,
  persistent: (id: unknown) => unknown = (id) => id,
): { value: unknown; end: number } {
  const stack: unknown[] = []
  const memo = new Map<number, unknown>()
  let at = start
  const uint8 = () => bytes.readUInt8(at++)
  const uint32 = () => bytes.readUInt32LE((at += 4) - 4)
  const line = () => {
    const end = bytes.indexOf(10, at)
    const text = bytes.toString('latin1', at, end)
    at = end + 1
    return text
  }
  const sinceMark = () => {
    const from = stack.lastIndexOf(marker)
    return stack.splice(from).slice(1)
  }
  const tuple = (length: number) => stack.push(stack.splice(stack.length - length))
  const setItems = (items: unknown[]) => {
    const target = stack.at(-1) as Map<unknown, unknown>
    for (let item = 0; item < items.length; item += 2) target.set(items[item], items[item + 1])
  }
  for (;;) {
    const opcode = String.fromCharCode(uint8())
    switch (opcode) {
      case '\x80':
        at++
        break
      case '.':
        return { value: stack.pop(), end: at }
      case '(':
        stack.push(marker)
        break
      case ')':
        stack.push([])
        break
      case ']':
        stack.push([])
        break
      case '}':
        stack.push(new Map())
        break
      case 'N':
        stack.push(null)
        break
      case '\x88':
      case '\x89':
        stack.push(opcode === '\x88')
        break
      case 'K':
        stack.push(uint8())
        break
      case 'M':
        stack.push(bytes.readUInt16LE((at += 2) - 2))
        break
      case 'J':
        stack.push(bytes.readInt32LE((at += 4) - 4))
        break
      case '\x8a': {
        const length = uint8()
        let value = 0n
        for (let byte = length - 1; byte >= 0; byte--)
          value = value * 256n + BigInt(bytes[at + byte]!)
        at += length
        stack.push(value)
        break
      }
      case 'X': {
        const length = uint32()
        stack.push(bytes.toString('utf8', at, (at += length)))
        break
      }
      case 'c':
        stack.push(new PythonName(`${line()}.${line()}`))
        break
      case 'q':
        memo.set(uint8(), stack.at(-1))
        break
      case 'r':
        memo.set(uint32(), stack.at(-1))
        break
      case 'h':
        stack.push(memo.get(uint8()))
        break
      case 'j':
        stack.push(memo.get(uint32()))
        break
      case 't':
        stack.push(sinceMark())
        break
      case '\x85':
      case '\x86':
      case '\x87':
        tuple(opcode.charCodeAt(0) - 0x84)
        break
      case 'Q':
        stack.push(persistent(stack.pop()))
        break
      case 'R': {
        const args = stack.pop() as unknown[]
        const { name } = stack.pop() as PythonName
        stack.push(name.endsWith('OrderedDict') ? new Map() : ({ name, args } satisfies PythonCall))
        break
      }
      case 's':
        setItems(stack.splice(-2))
        break
      case 'u':
        setItems(sinceMark())
        break
      case 'e':
        sinceMark().forEach((item) => (stack.at(-1) as unknown[]).push(item))
        break
      case 'a': {
        const item = stack.pop()
        ;(stack.at(-1) as unknown[]).push(item)
        break
      }
      case 'b':
        stack.pop()
        break
      default:
        throw new Error(`A pickle of another kind: opcode ${opcode.charCodeAt(0)} at ${at - 1}.`)
    }
  }
}
