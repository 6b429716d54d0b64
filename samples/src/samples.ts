import { seededRandom } from './random.ts'
import type { Style, Subject, Treatment } from './scene.ts'
import { balloonSubject } from './subjects/balloon.ts'
import { cactusSubject } from './subjects/cactus.ts'
import { catSubject } from './subjects/cat.ts'
import { duckSubject } from './subjects/duck.ts'
import { fireTruckSubject } from './subjects/fire-truck.ts'
import { foxSubject } from './subjects/fox.ts'
import { lighthouseSubject } from './subjects/lighthouse.ts'
import { mushroomSubject } from './subjects/mushroom.ts'
import { owlSubject } from './subjects/owl.ts'
import { sailingBoatSubject } from './subjects/sailing-boat.ts'
import { steamTrainSubject } from './subjects/steam-train.ts'
import { teapotSubject } from './subjects/teapot.ts'
import { cartoon } from './treatments/cartoon.ts'
import { flat } from './treatments/flat.ts'
import { night } from './treatments/night.ts'
import { pencil } from './treatments/pencil.ts'
import { sunset } from './treatments/sunset.ts'
import { watercolour } from './treatments/watercolour.ts'

const subjects: readonly Subject[] = [
  duckSubject,
  fireTruckSubject,
  sailingBoatSubject,
  lighthouseSubject,
  foxSubject,
  balloonSubject,
  cactusSubject,
  owlSubject,
  steamTrainSubject,
  mushroomSubject,
  teapotSubject,
  catSubject,
]

const treatments: readonly Treatment[] = [flat, watercolour, cartoon, sunset, night, pencil]

/** One picture of the sample library, and what is known about it. */
export interface Sample {
  /** The image URI: `http://example.org/book/<subject>_<style>.png`. */
  readonly uri: string
  /** The last part of the image URI. */
  readonly file: string
  readonly subject: string
  readonly style: Style
  readonly metadata: {
    readonly type: 'output'
    readonly category: Subject['category']
    readonly style: Style
    readonly description: string
  }
  /** The picture as an SVG document of 640 by 480; the same text on every call. */
  svg(): string
}

function sampleOf(subject: Subject, treatment: Treatment, turn: number): Sample {
  const { style, palettes } = treatment
  const file = `${subject.name}_${style}.png`.replaceAll(/[ -]/g, '_')
  return {
    uri: `http://example.org/book/${file}`,
    file,
    subject: subject.name,
    style,
    metadata: {
      type: 'output',
      category: subject.category,
      style,
      description: subject.descriptions[style],
    },
    svg() {
      const random = seededRandom(file)
      const palette = palettes[turn % palettes.length]!
      return treatment.render(subject.compose({ random, palette, style }), palette, random)
    },
  }
}

/** The whole library: every subject in every treatment. */
export const samples: readonly Sample[] = subjects.flatMap((subject, row) =>
  treatments.map((treatment, column) => sampleOf(subject, treatment, row + column)),
)
