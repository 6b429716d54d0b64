import type { ImageStore, Page, PageRequest } from './image-store.ts'

/** All pages of a list, each asked for when the one before is done with. */
export async function* pagesOf(
  store: Pick<ImageStore, 'list'>,
  first: PageRequest,
): AsyncGenerator<Page> {
  let request: PageRequest | null = first
  while (request) {
    const page: Page = await store.list(request)
    yield page
    request = page.nextCursor === null ? null : { ...request, cursor: page.nextCursor }
  }
}
