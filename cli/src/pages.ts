const maxPageSize = 1000

/** Gathers `limit` items from as many pages as it takes; `more` says whether some are left. */
export async function gatherPages<T>(
  limit: number,
  ask: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next: string | null }>,
): Promise<{ items: T[]; more: boolean }> {
  const gathered: T[] = []
  let cursor: string | null = null
  do {
    const size = Math.min(limit - gathered.length, maxPageSize)
    const { items, next } = await ask({ limit: size, ...(cursor ? { cursor } : {}) })
    gathered.push(...items)
    cursor = next
  } while (cursor && gathered.length < limit)
  return { items: gathered, more: cursor !== null }
}
