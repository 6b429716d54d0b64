import { LookalikeError } from '../../errors.ts'

/**
 * Does something for all parts of a question at once, and waits for all of it.
 *
 * @param names of the parts, for people
 * @throws LookalikeError of the first part that failed, with what is the matter with each such part
 */
export async function eachPart<T>(
  names: readonly string[],
  work: (at: number) => Promise<T>,
): Promise<T[]> {
  // All are waited for: files are not to vanish below one that is still read.
  const settled = await Promise.allSettled(names.map((_, at) => work(at)))
  const failures = settled.flatMap((each, at) =>
    each.status === 'rejected' ? [{ reason: each.reason as unknown, at }] : [],
  )
  if (failures.length > 0) throw ofParts(failures, names)
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

function ofParts(failures: readonly { reason: unknown; at: number }[], names: readonly string[]) {
  // What is no part's fault is said as it is.
  const unexpected = failures.find(({ reason }) => !(reason instanceof LookalikeError))
  if (unexpected) return unexpected.reason
  const all = failures as readonly { reason: LookalikeError; at: number }[]
  const { reason } = all[0]!
  const detail = all
    .map(
      (each) =>
        `Part ${each.at + 1} of ${names.length} (${names[each.at]}): ${each.reason.message}`,
    )
    .join(' ')
  const { retryAfter } = reason
  return new LookalikeError(reason.code, detail, {
    cause: reason,
    parts: all.map(({ at }) => at),
    ...(retryAfter !== undefined && { retryAfter }),
  })
}
