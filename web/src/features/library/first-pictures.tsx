import { AddPictures } from '../uploads/add-pictures.tsx'
import { EmptyLibrary } from './empty-library.tsx'

/** Where there are no pictures yet: the way to bring some in. */
export default function FirstPictures({ onReload }: { onReload: () => void }) {
  return (
    <EmptyLibrary onReload={onReload}>
      <AddPictures takesDrops={false} />
    </EmptyLibrary>
  )
}
