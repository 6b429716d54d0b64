const largestPage = 1000

/** Gathers `limit` items from as many pages as it takes; `more` says whether some are left. */
export async function gatherPages<T>(
  limit: number,
  ask: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next: string | null }>,
): Promise<{ items: T[]; more: boolean }> {
  const gathered: T[] = []
  let cursor: string | null = null
  do {
    const most = Math.min(limit - gathered.length, largestPage)
    const { items, next } = await ask({ limit: most, ...(cursor ? { cursor } : {}) })
    gathered.push(...items)
    cursor = next
  } while (cursor && gathered.length < limit)
  return { items: gathered, more: cursor !== null }
}
