/** How the first pictures get in, said where they would be. */
export function EmptyLibrary({ onReload }: { onReload: () => void }) {
  return (
    <section className="empty-library">
      <h3>Your library is empty</h3>
      <p>
        Lookalike finds pictures among those it has been given, and so far it has none. Add one from
        a terminal:
      </p>
      <pre tabIndex={0} aria-label="Command">
        <code>curl -F image_file=@photo.jpg {location.origin}/api/images/index</code>
      </pre>
      <p>
        Or look around first: stop the server and run <code>npm run demo</code>, which comes with a
        sample library.
      </p>
      <button type="button" className="button" onClick={onReload}>
        Look again
      </button>
    </section>
  )
}
