import type { ImageRecord, IndexResponse } from '@lookalike/sdk'

/** An answer to indexing without what it took: the record as the library gives it back. */
export function recordOf({
  cached: _cached,
  timings_ms: _timings,
  usage: _usage,
  ...record
}: IndexResponse): ImageRecord {
  return record
}
