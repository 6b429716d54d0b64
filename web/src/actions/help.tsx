import { Icon } from '../components/icon.tsx'
import { useStrings } from '../strings/strings.ts'
import { useActionGroups, type Action } from './actions.ts'
import { Caps } from './caps.tsx'
import { Sheet } from './sheet.tsx'

/** Every key that does something now. */
export default function Help({ onClose }: { onClose: () => void }) {
  const { actions: t, close } = useStrings().frame
  const groups = useActionGroups()
  const hasKeys = ({ keys }: Action) => keys !== undefined
  return (
    <Sheet label={t.helpTitle} onClose={onClose}>
      <div className="sheet__head">
        <h2 className="sheet__title">{t.helpTitle}</h2>
        <button
          type="button"
          className="button button--icon"
          aria-label={close}
          onClick={({ currentTarget }) => currentTarget.closest('dialog')?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      {groups
        .filter(({ actions }) => actions.some(hasKeys))
        .map(({ title, actions }) => (
          <section key={title} aria-label={title}>
            <h3 className="eyebrow">{title}</h3>
            <dl className="keys__list">
              {actions.filter(hasKeys).map(({ name, keys }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    <Caps keys={keys!} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </Sheet>
  )
}
