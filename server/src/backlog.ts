/** How much of one kind of work there is at this moment: for whoever watches, not for deciding. */
export interface Backlog {
  readonly running: number
  readonly waiting: number
}
