import type { OpenEngine } from '../engine.ts'
import { openLancedb } from './lancedb.ts'
import { openLookalike } from './lookalike.ts'
import { openSqliteVec } from './sqlite-vec.ts'
import { openUsearch } from './usearch.ts'
import { openZvec } from './zvec.ts'

export const engines: Record<string, OpenEngine> = {
  lookalike: (folder) => openLookalike(folder, 'none'),
  'lookalike-fp16': (folder) => openLookalike(folder, 'fp16'),
  'lookalike-int8': (folder) => openLookalike(folder, 'int8'),
  zvec: openZvec,
  usearch: openUsearch,
  'sqlite-vec': openSqliteVec,
  lancedb: openLancedb,
}
