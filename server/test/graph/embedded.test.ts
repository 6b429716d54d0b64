import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeKnowledgeGraph } from '../conformance/graph/knowledge-graph.ts'
import openEmbeddedGraph from '../../src/graph/embedded/index.ts'

describeKnowledgeGraph('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const open = async () => openEmbeddedGraph({ dataDir, deadlineMs: 10_000, memoryBytes: 1e9 })
  return {
    graph: await open(),
    reopen: open,
    dispose: () => rm(dataDir, { recursive: true, force: true }),
  }
})
