import { buildPage } from '../../build.ts'

/** Before all tests, whichever come first: many ask for the page, and two builds at once would be in each other's way. */
export async function setup(): Promise<void> {
  await buildPage()
}
