import type { UsageReport } from '@lookalike/sdk'
import { useStrings } from '../../strings/strings.ts'

/** What models were asked, and what that cost by estimate. */
export function Usage({ report: { days, month, total } }: { report: UsageReport }) {
  const { status: t, format } = useStrings()
  return (
    <section aria-labelledby="usage">
      <h3 className="status__title" id="usage">
        {t.usage}
      </h3>
      {days.length === 0 ? (
        <p>{t.noCalls}</p>
      ) : (
        <>
          <p>
            {month.budget_usd === null
              ? t.month(format.dollars(month.estimated_usd))
              : t.monthOf(format.dollars(month.estimated_usd), format.dollars(month.budget_usd))}
            {total.unpriced_calls > 0 && ` ${t.unpriced(total.unpriced_calls)}`}
          </p>
          <div className="status__table" tabIndex={0} role="region" aria-labelledby="usage">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t.day}</th>
                  <th scope="col">{t.model}</th>
                  <th scope="col">{t.calls}</th>
                  <th scope="col">{t.tokens}</th>
                  <th scope="col">{t.cost}</th>
                </tr>
              </thead>
              <tbody>
                {days.map((day) => (
                  <tr key={`${day.day} ${day.model}`}>
                    <td>{format.date(day.day)}</td>
                    <td>{day.model}</td>
                    <td>{format.number(day.calls)}</td>
                    <td>{format.number(day.input_tokens + day.output_tokens)}</td>
                    <td>{format.dollars(day.estimated_usd)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}
