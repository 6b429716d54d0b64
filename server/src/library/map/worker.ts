import { type Landmarks, layOut, type Matrix, placeBetween } from './projection.ts'

export interface MapTask {
  readonly vectors: Matrix
  /** Absent: the vectors are to be landmarks. */
  readonly landmarks?: Landmarks
}

/** What the thread of the map runs. */
export default function work({ vectors, landmarks }: MapTask): Float32Array {
  return landmarks ? placeBetween(landmarks, vectors) : layOut(vectors)
}
