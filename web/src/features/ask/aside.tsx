import { lazy, Suspense, useState } from 'react'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { AskedPicture } from './pictures/asked-picture.tsx'
import { Narrowing } from './narrowing/narrowing.tsx'
import type { PictureQuery } from './query.ts'
import type { Asking } from './use-asking.ts'

const CropDialog = lazy(() => import('./pictures/crop-dialog.tsx'))

interface AsideProps {
  asking: Asking
  /** The picture that is asked about alone; null: nobody knows yet what it is; absent: no picture is, or not alone. */
  picture: PictureQuery | null | undefined
  /** Of all that was found. */
  scores: readonly number[]
}

/** The picture that is asked about, or that words stand in for, and what its lookalikes are narrowed by. */
export function Aside({ asking, picture: alone, scores }: AsideProps) {
  const { ask: t, format } = useStrings()
  const { client } = useServer()
  const [cropping, setCropping] = useState(false)
  const { beside, question, settings, takeFiles } = asking
  const isAsked = alone !== undefined
  const picture = isAsked ? alone : beside
  const advice = beside?.kind === 'file' ? (beside.advice?.(t, format) ?? null) : null
  const file = picture?.kind === 'file' ? picture.file : null
  return (
    <>
      <div className="search-view__aside">
        {(isAsked || beside) && (
          <AskedPicture
            query={picture}
            onCrop={file && !advice ? () => setCropping(true) : undefined}
            onAdd={isAsked ? (files) => void takeFiles(files, 'added') : undefined}
            onClear={asking.clear}
          />
        )}
        {advice && asking.search.state.phase !== 'failed' && (
          <p className="search-view__advice" role="alert">
            {advice}
          </p>
        )}
        <Narrowing
          client={client}
          settings={settings}
          filter={question.filter}
          arrangement={question}
          scores={scores}
          onSettings={(changed) => {
            asking.setNotice('')
            asking.changeSettings(changed)
          }}
          onFilter={asking.narrow}
          onArrange={asking.change}
        />
      </div>
      {cropping && file && (
        <Suspense>
          <CropDialog
            file={file}
            onClose={() => setCropping(false)}
            onPart={(part) => {
              setCropping(false)
              void takeFiles([part], 'alone')
            }}
          />
        </Suspense>
      )}
    </>
  )
}
