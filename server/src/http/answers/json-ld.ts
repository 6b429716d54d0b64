import type { SearchResponse } from '@lookalike/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { imageSubject } from '../../graph/subjects.ts'
import { namespaces } from '../../graph/vocabulary.ts'
import { negotiate } from './negotiate.ts'

export const jsonLd = 'application/ld+json'

const context = {
  '@vocab': namespaces.schema,
  look: namespaces.look,
  contentUrl: { '@type': '@id' },
  thumbnailUrl: { '@type': '@id' },
}

/** Answers a search as JSON-LD when the caller asks for that, and else as it is. */
export function sendResults(request: FastifyRequest, reply: FastifyReply, answer: SearchResponse) {
  if (negotiate(request, ['application/json', jsonLd]) !== jsonLd) return answer
  return reply.type(jsonLd).serializer(JSON.stringify).send(toJsonLd(answer))
}

/** A search's results as a schema.org ItemList; the images are the subjects that the graph knows. */
function toJsonLd({ results }: SearchResponse) {
  return {
    '@context': context,
    '@type': 'ItemList',
    numberOfItems: results.length,
    itemListElement: results.map((result, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      'look:score': { '@value': String(result.score), '@type': `${namespaces.xsd}double` },
      item: {
        '@id': imageSubject(result.image_uri),
        '@type': 'ImageObject',
        identifier: result.image_uri,
        description: result.description,
        ...(result.image_url && { contentUrl: result.image_url }),
        ...(result.thumbnail_url && { thumbnailUrl: result.thumbnail_url }),
      },
    })),
  }
}
