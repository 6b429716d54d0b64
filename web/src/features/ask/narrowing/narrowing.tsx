import { useId, useState } from 'react'
import type { Client, Filter } from '@lookalike/sdk'
import { Icon } from '../../../components/icon.tsx'
import { Slider } from '../../../components/slider.tsx'
import { useStrings } from '../../../strings/strings.ts'
import { ChosenChips, FacetList } from '../../library/facet-list.tsx'
import { chipsOf, toggled, useFacets, type Chip } from '../../library/facets.ts'
import { Histogram } from './histogram.tsx'
import type { Question } from '../../../address/question.ts'
import { Arranging } from './arranging.tsx'
import type { Settings } from './settings.ts'
import './narrowing.css'

interface NarrowingProps {
  client: Client
  settings: Settings
  filter: Filter | null
  arrangement: Pick<Question, 'sort' | 'group'>
  /** Of all that was found, for the minimum to be chosen by. */
  scores: readonly number[]
  onSettings: (settings: Settings) => void
  onFilter: (filter: Filter | null) => void
  onArrange: (arrangement: Partial<NarrowingProps['arrangement']>) => void
}

/** How many are wanted, how alike, which, and in which order: beside the results on a desk, behind one button on a phone. */
export function Narrowing(props: NarrowingProps) {
  const { ask: t, format } = useStrings()
  const { settings, filter, arrangement } = props
  const [open, setOpen] = useState(false)
  const { facets } = useFacets(props.client, filter, true)
  const id = useId()
  const chips = chipsOf(filter)
  const toggle = (chip: Chip) => props.onFilter(toggled(filter, chip))
  return (
    <div className="narrowing">
      <button
        type="button"
        className="button narrowing__open"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="settings" />
        {t.narrow}
      </button>
      <ChosenChips chips={chips} onToggle={toggle} />
      <div className={open ? 'narrowing__panel is-open' : 'narrowing__panel'} id={id}>
        <h2 className="visually-hidden">{t.narrow}</h2>
        <Slider
          label={arrangement.group ? t.groups : t.results}
          hint={t.resultsHint}
          min={1}
          max={100}
          step={1}
          value={settings.limit}
          onChange={(limit) => props.onSettings({ ...settings, limit })}
        />
        <Slider
          label={t.minimum}
          hint={t.minimumHint}
          min={0}
          max={1}
          step={0.01}
          value={settings.minimum}
          onChange={(minimum) => props.onSettings({ ...settings, minimum })}
          format={format.hundredths}
        >
          <Histogram values={props.scores} from={settings.minimum} />
        </Slider>
        <Arranging
          {...arrangement}
          keys={facets?.map(({ key }) => key) ?? []}
          onSort={(sort) => props.onArrange({ sort })}
          onGroup={(group) => props.onArrange({ group })}
        />
        <FacetList facets={facets ?? []} chosen={chips} onToggle={toggle} />
      </div>
    </div>
  )
}
