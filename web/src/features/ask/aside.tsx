import { lazy, Suspense, useState } from 'react'
import { useServer } from '../../server.ts'
import { explain } from '../../components/failure.tsx'
import { nameOf } from '../../components/name-of.ts'
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

/** In pixels, of the thumbnail that a part of a picture of the library is cut out of. */
const cutEdge = 1536

/** The picture that is asked about, or that words stand in for, and what its lookalikes are narrowed by. */
export function Aside({ asking, picture: alone, scores }: AsideProps) {
  const { frame } = useStrings()
  const { client } = useServer()
  const [cropping, setCropping] = useState<File | null>(null)
  const { beside, question, settings, takeFiles } = asking
  const isAsked = alone !== undefined
  const picture = isAsked ? alone : beside
  const isBad = beside?.kind === 'file' && beside.advice !== null

  async function cut(whole: PictureQuery) {
    try {
      setCropping(await fileOf(whole))
    } catch (error) {
      asking.setNotice(explain(error, frame).detail)
    }
  }
  return (
    <>
      <div className="search-view__aside">
        {(isAsked || beside) && (
          <AskedPicture
            query={picture}
            onCrop={picture && canBeCut(picture) && !isBad ? () => void cut(picture) : undefined}
            onAdd={isAsked ? (files) => void takeFiles(files, 'added') : undefined}
            onClear={asking.clear}
          />
        )}
        {(!isBad || asking.asks) && (
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
        )}
      </div>
      {cropping && (
        <Suspense>
          <CropDialog
            file={cropping}
            onClose={() => setCropping(null)}
            onPart={(part) => {
              setCropping(null)
              void takeFiles([part], 'alone')
            }}
          />
        </Suspense>
      )}
    </>
  )
}

function canBeCut(picture: PictureQuery): boolean {
  return picture.kind === 'file' || (picture.kind === 'stored' && picture.thumbnailUrl !== null)
}

/** A picture of the library as a thumbnail, which every browser can show. */
async function fileOf(picture: PictureQuery): Promise<File> {
  if (picture.kind === 'file') return picture.file
  if (picture.kind === 'link' || !picture.thumbnailUrl) throw new Error('No file to cut.')
  const url = new URL(picture.thumbnailUrl, location.href)
  url.searchParams.set('size', String(cutEdge))
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
  return new File([await response.blob()], nameOf(picture.uri))
}
