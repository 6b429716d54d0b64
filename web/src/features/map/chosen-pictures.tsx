import { useMemo } from 'react'
import { useStrings } from '../../strings/strings.ts'
import type { Outlined } from '../library/pictures.ts'
import { useChosen, useSelection } from '../library/selection.ts'
import { SelectionBar } from '../library/selection-bar.tsx'
import { PictureWall } from '../library/wall/wall.tsx'
import { bare } from './use-map-pictures.ts'
import type { Places } from './use-map.ts'

interface ChosenPicturesProps {
  places: Places
  indices: readonly number[]
  outlines: ReadonlyMap<string, Outlined>
  hrefOf: (id: string) => string
  onOpen: (id: string) => void
  /** Id of the picture that is looked at by itself; empty: none. */
  shown: string
  onClear: () => void
}

/** The pictures that were chosen on the map, as a wall: for those who do not see it, the way to them. */
export function ChosenPictures(props: ChosenPicturesProps) {
  const { places, indices, outlines, hrefOf, onOpen, shown, onClear } = props
  const { map: t } = useStrings()
  const pictures = useMemo(
    () =>
      indices.map((index) => {
        const id = places.ids[index]!
        return outlines.get(id) ?? bare(id, places.versions[index]!)
      }),
    [places, indices, outlines],
  )
  const selection = useSelection(pictures)
  const chosen = useChosen(pictures, selection.ids)
  const meant = chosen.length > 0 ? chosen : pictures
  return (
    <section className="map-chosen" aria-labelledby="map-chosen">
      <h3 id="map-chosen" className="map-chosen__title" tabIndex={-1}>
        {t.chosen(pictures.length)}
      </h3>
      <p className="view__lead">{t.chosenLead}</p>
      <PictureWall
        pictures={pictures}
        total={pictures.length}
        selection={selection}
        hrefOf={hrefOf}
        onOpen={onOpen}
        shown={shown}
        onNearEnd={nothing}
        depth={0}
        onDepth={nothing}
      />
      <SelectionBar
        ids={meant.map(({ id }) => id)}
        onClear={chosen.length > 0 ? selection.clear : onClear}
      />
    </section>
  )
}

function nothing(): void {}
