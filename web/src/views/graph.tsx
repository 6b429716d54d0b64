import { useGraphClient } from '../features/graph/graph-client.ts'
import { QueryPanel } from '../features/graph/query-panel.tsx'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'

/** Questions to the knowledge graph. */
export default function GraphView() {
  const t = useStrings().graph
  const { library } = useServer()
  const client = useGraphClient()
  useTitle(t.title)
  return (
    <div className="view">
      <h2 className="view__title">{t.title}</h2>
      {client && <p className="view__lead">{t.lead}</p>}
      <QueryPanel />
      {library.info && !client && <p>{t.none}</p>}
    </div>
  )
}
