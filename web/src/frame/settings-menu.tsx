import { useId, type ReactNode } from 'react'
import { Icon } from '../components/icon.tsx'
import { useKeepsJudgements } from '../features/feedback/keeping.ts'
import { languages, useLanguage, useStrings, type Language } from '../strings/strings.ts'
import { themes, useTheme } from './theme.ts'
import './settings-menu.css'

/** How the page looks and speaks. */
export function SettingsMenu() {
  const { frame: t, feedback } = useStrings()
  const [keeps, setKeeps] = useKeepsJudgements()
  const [theme, setTheme] = useTheme()
  const [language, setLanguage] = useLanguage()
  const id = useId()
  return (
    <>
      <button
        type="button"
        className="button button--icon"
        aria-label={t.settings}
        title={t.settings}
        popoverTarget={id}
      >
        <Icon name="settings" />
      </button>
      <div className="settings-menu" id={id} popover="auto" role="dialog" aria-label={t.settings}>
        <Choice legend={t.theme}>
          {themes.map((name) => (
            <Option
              key={name}
              group="theme"
              checked={name === theme}
              onChoose={() => setTheme(name)}
            >
              {t.themes[name]}
            </Option>
          ))}
        </Choice>
        <Choice legend={t.language}>
          {(Object.keys(languages) as Language[]).map((name) => (
            <Option
              key={name}
              group="language"
              checked={name === language}
              onChoose={() => setLanguage(name)}
            >
              <span lang={name}>{languages[name]}</span>
            </Option>
          ))}
        </Choice>
        <Choice legend={feedback.keeping}>
          <label className="settings-menu__option">
            <input
              type="checkbox"
              checked={keeps}
              onChange={({ currentTarget }) => setKeeps(currentTarget.checked)}
            />
            {feedback.keep}
          </label>
        </Choice>
      </div>
    </>
  )
}

function Choice({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="eyebrow">{legend}</legend>
      {children}
    </fieldset>
  )
}

interface OptionProps {
  group: string
  checked: boolean
  onChoose: () => void
  children: ReactNode
}

function Option({ group, checked, onChoose, children }: OptionProps) {
  return (
    <label className="settings-menu__option">
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      {children}
    </label>
  )
}
