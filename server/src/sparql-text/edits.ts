import type { Expression, ExpressionOperation } from '@traqula/rules-sparql-1-1'
import type { AnyNode } from './syntax.ts'
import { walk } from './syntax.ts'

/** A text put in at a position. */
interface Insertion {
  readonly at: number
  readonly text: string
}

interface Located {
  readonly loc: Expression['loc']
}

/** Where a node stands in the text: from, and up to but not including. */
export function span(node: Located): [number, number] {
  const { loc } = node
  if (loc.sourceLocationType !== 'source') throw new Error('a node without a place in the text')
  return [loc.start, loc.end]
}

const sums = ['+', '-']
const products = ['*', '/']

/**
 * Parentheses that say outright what SPARQL's grammar means: operators of one rank are taken from the left
 * (https://www.w3.org/TR/sparql11-query/#rAdditiveExpression). Oxigraph takes them from the right.
 */
export function groupings(text: string, tree: unknown): Insertion[] {
  const insertions: Insertion[] = []
  const around = ([from, to]: [number, number], opening = '(') =>
    insertions.push({ at: from, text: opening }, { at: to, text: ')' })
  walk(tree, (node) => {
    const operation = asOperation(node)
    if (!operation) return
    const [left, right] = operation.args as [Expression, Expression]
    const rank = sums.includes(operation.operator) ? sums : products
    if (rank.includes(asOperation(left)?.operator ?? '')) around(span(left))
    // In `10 -6/3/2` the sign of a number is the operator; once in parentheses it no longer is.
    if (rank === sums && asOperation(right) && isSigned(text, left, right))
      around(span(right), '+(')
  })
  return insertions
}

function asOperation(node: AnyNode): ExpressionOperation | null {
  if (node.type !== 'expression' || node.subType !== 'operation') return null
  const operation = node as ExpressionOperation
  const isArithmetic = [...sums, ...products].includes(operation.operator)
  return isArithmetic && operation.args.length === 2 ? operation : null
}

/** Whether nothing but space and comments lies between two operands. */
function isSigned(text: string, left: Expression, right: Expression): boolean {
  const between = text.slice(span(left)[1], span(right)[0])
  return between.replace(/#[^\n\r]*/g, '').trim() === ''
}

/** A part of the text, with what belongs in it put in. */
export function slice(
  text: string,
  insertions: readonly Insertion[],
  [from, to]: [number, number],
) {
  // At one position, what ends comes before what begins.
  const ordered = insertions
    .filter(({ at, text: put }) => (put === ')' ? at > from && at <= to : at >= from && at < to))
    .toSorted((a, b) => a.at - b.at || Number(b.text === ')') - Number(a.text === ')'))
  const parts: string[] = []
  let done = from
  for (const { at, text: put } of ordered) {
    parts.push(text.slice(done, at), put)
    done = at
  }
  return parts.join('') + text.slice(done, to)
}
