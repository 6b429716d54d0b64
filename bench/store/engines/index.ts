import type { OpenEngine } from '../engine.ts'
import { openLancedb } from './lancedb.ts'
import { openLookalike } from './lookalike.ts'
import { openLookalikeQdrant } from './lookalike-qdrant.ts'
import { openQdrant } from './qdrant-rest.ts'
import { openSqliteVec } from './sqlite-vec.ts'
import { openUsearch } from './usearch.ts'
import { openZvec } from './zvec.ts'

/** On the server of TEST_QDRANT_URL, and left out where it names none. */
const onQdrant: Record<string, OpenEngine> = {
  qdrant: openQdrant,
  'lookalike-qdrant': (_, dimensions) => openLookalikeQdrant(dimensions, 'none'),
  'lookalike-qdrant-scalar': (_, dimensions) => openLookalikeQdrant(dimensions, 'scalar'),
  'lookalike-qdrant-binary': (_, dimensions) => openLookalikeQdrant(dimensions, 'binary'),
}

export const engines: Record<string, OpenEngine> = {
  lookalike: (folder, dimensions) => openLookalike(folder, dimensions, 'int8'),
  'lookalike-fp16': (folder, dimensions) => openLookalike(folder, dimensions, 'fp16'),
  'lookalike-whole': (folder, dimensions) => openLookalike(folder, dimensions, 'none'),
  zvec: (folder, dimensions) => openZvec(folder, dimensions, 'none'),
  'zvec-int8': (folder, dimensions) => openZvec(folder, dimensions, 'int8'),
  usearch: openUsearch,
  'sqlite-vec': openSqliteVec,
  lancedb: openLancedb,
  ...onQdrant,
}

/** Those that are measured unless others are named. */
export const usualEngines = Object.keys(engines).filter(
  (name) => process.env['TEST_QDRANT_URL'] || !(name in onQdrant),
)
