import { Fragment } from 'react'
import { useStrings } from '../strings/strings.ts'
import { caps } from './keys.ts'

/** Keys as caps. */
export function Caps({ keys }: { keys: string }) {
  const t = useStrings().frame.actions
  return (
    <span className="caps">
      {caps(keys, t.keys).map((chord, index) => (
        <Fragment key={chord.join()}>
          {index > 0 && ` ${t.next} `}
          {chord.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  )
}
