import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordId } from '../../../src/records/record-id.ts'
import type { ImageRecord } from '../../../src/records/record.ts'
import { describeImage } from '../../../src/graph/describe-image.ts'
import type { KnowledgeGraph } from '../../../src/graph/knowledge-graph.ts'
import { peopleGraph, propertyMap } from '../../../src/graph/vocabulary.ts'

export interface OpenedGraph {
  readonly graph: KnowledgeGraph
  /** Opens the same graph again, as after a restart; the suite has closed `graph` by then. */
  reopen(): Promise<KnowledgeGraph>
  dispose(): Promise<void>
}

const schema = 'https://schema.org/'
const options = { properties: propertyMap(), publicUrl: 'http://127.0.0.1:8000' }

/** What every driver of `KnowledgeGraph` that keeps one must do, as Vitest tests. */
export function describeKnowledgeGraph(name: string, open: () => Promise<OpenedGraph>): void {
  describe(`${name}: a knowledge graph`, () => {
    let opened: OpenedGraph
    let graph: KnowledgeGraph
    beforeEach(async () => {
      opened = await open()
      graph = opened.graph
    })
    afterEach(async () => {
      await graph.close()
      await opened.dispose()
    })

    const rows = async (text: string) => {
      const answer = await graph.query({ text, format: 'text/csv' })
      return answer.trim().split(/\r?\n/).slice(1)
    }
    const names = () =>
      rows(`SELECT ?n { ?i <${schema}name> ?n ; <urn:lookalike:term:id> ?id } ORDER BY ?n`)

    test('replaces what is said of an image, and forgets all of it', async () => {
      const fox = record('http://example.org/fox', { category: 'animal', stars: 4.5, wild: true })
      const owl = record('http://example.org/owl')
      await graph.put([fox, owl].map((one) => describeImage(one, options)))
      expect(await names()).toEqual(['fox', 'owl'])
      expect(await rows(`SELECT ?c { <${fox.imageUri}> <${schema}category> ?c }`)).toEqual([
        'animal',
      ])
      await graph.put([describeImage({ ...fox, metadata: { category: 'pet' } }, options)])
      expect(await rows(`SELECT ?c { <${fox.imageUri}> <${schema}category> ?c }`)).toEqual(['pet'])
      expect((await graph.imageIds()).toSorted()).toEqual([fox.id, owl.id].toSorted())
      await graph.remove([fox.id])
      await graph.remove([fox.id])
      expect([await graph.imageCount(), await names()]).toEqual([1, ['owl']])
      expect(
        await rows(`SELECT ?p { { <${fox.imageUri}> ?p ?o } UNION { ?s ?p <${fox.imageUri}> } }`),
      ).toEqual([])
    })

    test('keeps what people say apart, whatever happens to the image', async () => {
      const fox = record('http://example.org/fox')
      await graph.put([describeImage(fox, options)])
      await graph.update(`INSERT DATA { <${fox.imageUri}> <http://e.org/by> "Ann" }`)
      await graph.put([describeImage({ ...fox, description: 'Another' }, options)])
      await graph.remove([fox.id])
      expect(await rows(`SELECT ?o { GRAPH <${peopleGraph}> { ?s ?p ?o } }`)).toEqual(['Ann'])
      expect(await rows('SELECT ?o { ?s ?p ?o }')).toContain('Ann')
    })

    test('updates delete, insert and clear, and see the library while they do', async () => {
      await graph.put([describeImage(record('http://example.org/fox'), options)])
      await graph.update(
        `INSERT { ?i <http://e.org/called> ?n } WHERE { ?i <${schema}name> ?n ; a <${schema}ImageObject> }`,
      )
      expect(await rows('SELECT ?n { ?i <http://e.org/called> ?n }')).toEqual(['fox'])
      await graph.update(
        'DELETE { ?i ?p ?n } INSERT { ?i ?p "x" } WHERE { ?i ?p ?n FILTER(?p = <http://e.org/called>) }',
      )
      expect(await rows('SELECT ?n { ?i <http://e.org/called> ?n }')).toEqual(['x'])
      await graph.update('DELETE WHERE { ?i <http://e.org/called> ?n }')
      expect(await rows('SELECT ?n { ?i <http://e.org/called> ?n }')).toEqual([])
      await graph.update(
        `INSERT DATA { <http://e.org/a> <http://e.org/b> 1 }; CLEAR GRAPH <${peopleGraph}>`,
      )
      expect(await rows(`SELECT ?s { GRAPH <${peopleGraph}> { ?s ?p ?o } }`)).toEqual([])
      expect(await names()).toEqual(['fox'])
    })

    test.each([
      ['LOAD <file:///etc/passwd>', 'query_refused'],
      [
        'LOAD SILENT <http://127.0.0.1:1/x> INTO GRAPH <urn:lookalike:graph:people>',
        'query_refused',
      ],
      ['DROP ALL', 'query_refused'],
      ['CLEAR GRAPH <urn:lookalike:graph:library>', 'query_refused'],
      ['INSERT DATA { GRAPH <urn:lookalike:graph:library> { <a:a> <a:b> 1 } }', 'query_refused'],
      ['DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }', 'query_refused'],
      [
        'WITH <urn:lookalike:graph:library> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }',
        'query_refused',
      ],
      ['INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }', 'query_refused'],
      ['SELECT * { ?s ?p ?o }', 'invalid_query'],
      ['INSERT DATA {', 'invalid_query'],
    ])('refuses the update %s', async (text, code) => {
      await graph.put([describeImage(record('http://example.org/fox'), options)])
      await expect(graph.update(text)).rejects.toMatchObject({ code })
      expect(await names()).toEqual(['fox'])
    })

    test.each([
      ['SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }', 'query_refused'],
      ['ASK { { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } } }', 'query_refused'],
      ['CLEAR ALL', 'query_refused'],
      ['INSERT DATA { <a:a> <a:b> 1 }', 'query_refused'],
      ['SELECT * { ?s <a b> ?o }', 'invalid_query'],
    ])('refuses the query %s', async (text, code) => {
      await expect(graph.query({ text, format: 'text/csv' })).rejects.toMatchObject({ code })
    })

    test('cuts off an answer that is too large', async () => {
      await graph.put([describeImage(record('http://example.org/fox'), options)])
      const query = { text: 'SELECT * { ?s ?p ?o }', format: 'text/csv', maxBytes: 100 } as const
      await expect(graph.query(query)).rejects.toMatchObject({ code: 'query_too_heavy' })
    })

    test('imports and exports documents; what is broken is imported not at all', async () => {
      const document = '<http://e.org/a> <http://e.org/b> "c"@en, [ <http://e.org/d> 1 ] .'
      expect(await graph.add(document, 'text/turtle')).toBe(3)
      await expect(
        graph.add('<http://e.org/a> <http://e.org/b> 2 . <x', 'text/turtle'),
      ).rejects.toMatchObject({
        code: 'invalid_query',
      })
      expect(await rows('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')).toEqual(['3'])
      const lines = (await graph.export('application/n-quads')).trim().split('\n')
      expect(lines).toHaveLength(3)
      expect(lines.every((line) => line.endsWith(`<${peopleGraph}> .`))).toBe(true)
      expect((await graph.export('application/n-triples')).trim().split('\n')).toHaveLength(3)
    })

    test('has everything after a restart', async () => {
      await graph.put([describeImage(record('http://example.org/fox'), options)])
      await graph.update('INSERT DATA { <http://e.org/a> <http://e.org/b> "c" }')
      await graph.close()
      graph = await opened.reopen()
      expect(await names()).toEqual(['fox'])
      expect(await rows('SELECT ?o { <http://e.org/a> ?p ?o }')).toEqual(['c'])
    })
  })
}

/** A record with everything a record can have. */
function record(imageUri: string, metadata: ImageRecord['metadata'] = {}): ImageRecord {
  return {
    id: recordId(imageUri),
    imageUri,
    description: 'A "picture"\nof \\ it',
    metadata,
    file: { sha256: 'ab'.repeat(32), format: 'png', width: 640, height: 480, bytes: 1234 },
    embedderId: 'fake:one@8',
    indexedAt: '2026-11-22T10:00:00.000Z',
  }
}
