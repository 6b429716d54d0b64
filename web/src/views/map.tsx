import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useActions } from '../actions/actions.ts'
import { formatQuestion, likeStored } from '../address/question.ts'
import { useQuestion } from '../address/use-question.ts'
import { Failure } from '../components/failure.tsx'
import { Show } from '../features/lightbox/show.tsx'
import { useShow } from '../features/lightbox/use-show.ts'
import { ChosenPictures } from '../features/map/chosen-pictures.tsx'
import { Legend } from '../features/map/legend.tsx'
import { LayingOut } from '../features/map/laying-out.tsx'
import { chosenBit, hiddenBit } from '../features/map/points/point-renderer.ts'
import { Stage } from '../features/map/stage.tsx'
import { useColours } from '../features/map/use-colours.ts'
import { fewest, useMap } from '../features/map/use-map.ts'
import { useMapPictures } from '../features/map/use-map-pictures.ts'
import { useOutlines } from '../features/map/use-outlines.ts'
import { isTags, useFacets } from '../features/library/facets.ts'
import { useHidden } from '../features/removals/removals.ts'
import { announce } from '../frame/announcer.tsx'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import '../features/library/toolbar.css'
import '../features/map/map.css'

const nobody: ReadonlySet<string> = new Set()
const none: readonly number[] = []

/** The library in two dimensions: pictures that are alike lie near each other. */
export default function MapView() {
  const strings = useStrings()
  const t = strings.map
  const { client, refuse } = useServer()
  const [path, navigate] = useLocation()
  const [question, go] = useQuestion()
  const show = useShow()
  const [map, again] = useMap(client)
  const { places, images, error } = map
  const hidden = useHidden()
  const [lassoing, setLassoing] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(nobody)
  const [inView, setInView] = useState<number | null>(null)
  const [wantsOutlines, setWantsOutlines] = useState(false)
  const outlines = useOutlines(client, wantsOutlines || chosen.size > 0 || show.shown !== '')
  const hasMap = places.ids.length > 0
  const { facets } = useFacets(client, null, hasMap)
  const facet = facets?.find(({ key }) => key === question.colours)
  const { colours, error: colourError } = useColours(client, places.ids, facet)
  const chooseView = useRef<(() => void) | null>(null)
  const description = useId()

  const marks = useMemo(() => {
    const marks = colours ? colours.of.slice() : new Uint8Array(places.ids.length)
    places.ids.forEach((id, index) => {
      if (chosen.has(id)) marks[index]! |= chosenBit
      if (hidden.has(id)) marks[index]! |= hiddenBit
    })
    return marks
  }, [places, colours, chosen, hidden])
  const chosenIndices = useMemo(
    () =>
      chosen.size === 0
        ? none
        : places.ids.flatMap((id, index) => (chosen.has(id) && !hidden.has(id) ? [index] : [])),
    [places, chosen, hidden],
  )
  const looked = useMapPictures(
    places,
    show.shown,
    chosenIndices,
    outlines,
    useCallback((id: string) => !hidden.has(id), [hidden]),
  )

  useTitle(t.title)
  useEffect(() => refuse(error), [refuse, error])
  useActions(t.title, [
    { name: t.chooseView, keys: 'v', run: () => chooseView.current?.() },
    { name: t.lasso, keys: 'l', run: () => setLassoing(!lassoing) },
  ])

  const hrefOf = (id: string) => path + show.hrefOf(id)

  function choose(indices: readonly number[]) {
    const ids = indices.map((index) => places.ids[index]!).filter((id) => !hidden.has(id))
    setChosen(new Set(ids))
    setLassoing(false)
    announce(ids.length === 0 ? t.nothingThere : t.chosenBelow(ids.length))
  }

  return (
    <div className="view" aria-busy={map.phase === 'loading' && error === null}>
      <div className="map-head">
        <h2 className="view__title">{t.title}</h2>
        {hasMap && (
          <>
            <label className="map-head__colours">
              <span>{t.colourBy}</span>
              <select
                className="field"
                value={facet ? question.colours : ''}
                onChange={({ currentTarget }) =>
                  go({ ...question, colours: currentTarget.value }, 'replace')
                }
              >
                <option value="">{t.oneColour}</option>
                {facets?.map(({ key }) => (
                  <option key={key} value={key}>
                    {isTags(key) ? strings.library.shows : key}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              className="button"
              aria-pressed={lassoing}
              onClick={() => setLassoing(!lassoing)}
            >
              {t.lasso}
            </button>
            <button type="button" className="button" onClick={() => chooseView.current?.()}>
              {t.chooseView}
            </button>
          </>
        )}
      </div>
      {error !== null && <Failure error={error} titled onRetry={again} />}
      {colourError !== null && <p role="alert">{t.colouringFailed}</p>}
      {map.phase !== 'loading' && images < fewest ? (
        <div className="map-few">
          <p>{images === 0 ? t.none : t.few(images, fewest)}</p>
          <Link className="link" href="/library">
            {t.toLibrary}
          </Link>
        </div>
      ) : (
        <div className="map-frame">
          {hasMap ? (
            <Stage
              places={places}
              marks={marks}
              chosen={chosen}
              outlines={outlines}
              lassoing={lassoing}
              describedBy={description}
              hrefOf={hrefOf}
              onOpen={show.open}
              onChoose={choose}
              onPictures={() => setWantsOutlines(true)}
              onView={setInView}
              chooseView={chooseView}
            />
          ) : (
            <div className="map-stage map-stage--waiting" />
          )}
          <div className="map-frame__notes">
            <LayingOut map={map} onRetry={again} />
            {hasMap && (
              <p className="map-frame__note" role="status">
                {inView !== null && t.inView(inView, places.ids.length)}
                {facet && !colours && colourError === null && ` ${t.colouring}`}
              </p>
            )}
          </div>
          {colours && <Legend colours={colours} total={images} />}
        </div>
      )}
      {hasMap && (
        <>
          <p id={description} className="map-help">
            {t.help(places.ids.length)}
          </p>
          {chosenIndices.length > 0 && outlines && (
            <ChosenPictures
              places={places}
              indices={chosenIndices}
              outlines={outlines}
              hrefOf={hrefOf}
              onOpen={show.open}
              shown={show.shown}
              onClear={() => setChosen(nobody)}
            />
          )}
        </>
      )}
      <Show
        pictures={looked}
        total={looked.length}
        query={null}
        onFindSimilar={(id) => navigate(`/${formatQuestion(likeStored(id))}`)}
      />
    </div>
  )
}
