import type { Info, SearchResponse } from '@lookalike/sdk'
import { duration } from '../../components/format.ts'
import { stageLabels, stageOrder } from './stages.ts'

interface DescriptionProps {
  response: SearchResponse
  describes: Info['embedder']['describes'] | undefined
}

/** What the embedder made of the picture, and discreetly what that cost in time. */
export function Description({ response, describes }: DescriptionProps) {
  const { description } = response.query_image
  return (
    <div className="description">
      {description && (
        <>
          <h3 className="eyebrow">
            {describes === 'visual' ? 'What was measured' : 'What Lookalike sees'}
          </h3>
          <p className="description__text">{description}</p>
        </>
      )}
      <Timings response={response} />
    </div>
  )
}

function Timings({ response }: { response: SearchResponse }) {
  const { timings_ms, cached } = response
  const parts = stageOrder.flatMap((stage) => {
    const ms = timings_ms[stage]
    return ms === undefined ? [] : [`${stageLabels[stage]} ${duration(ms)}`]
  })
  return (
    <p className="description__timings">
      <span>Found in {duration(timings_ms.total)}</span>
      {cached && <span>Seen before, answered from memory</span>}
      {parts.length > 1 && <span>{parts.join(' · ')}</span>}
    </p>
  )
}
