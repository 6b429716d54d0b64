import {
  chosenBit,
  chosenSize,
  colourBits,
  hiddenBit,
  opacity,
  opacityBehind,
  type PointRenderer,
} from './point-renderer.ts'

/** Points by the 2D canvas, for browsers without WebGL: squares, colour by colour. */
export function canvasPoints(): PointRenderer {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')!
  let places = new Float32Array()
  let marks = new Uint8Array()
  return {
    canvas,
    setPlaces: (at) => (places = at),
    setMarks: (bytes) => (marks = bytes),
    draw({ width, height, ratio, camera, colours, pointSize, choosing }) {
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
      if (canvas.width !== across || canvas.height !== down) {
        canvas.width = across
        canvas.height = down
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, width, height)
      const { x, y, scale } = camera
      const paths = new Map<number, [Path2D, number]>()
      for (let index = 0; index < marks.length; index++) {
        const mark = marks[index]!
        if (mark & hiddenBit) continue
        const side = mark & chosenBit ? pointSize * chosenSize : pointSize
        const left = (places[index * 2]! - x) * scale + width / 2 - side / 2
        const top = (places[index * 2 + 1]! - y) * scale + height / 2 - side / 2
        if (left < -side || top < -side || left > width || top > height) continue
        let path = paths.get(mark)
        if (!path) paths.set(mark, (path = [new Path2D(), mark]))
        path[0].rect(left, top, side, side)
      }
      const inOrder = [...paths.values()].toSorted(
        ([, a], [, b]) => (a & chosenBit) - (b & chosenBit),
      )
      for (const [path, mark] of inOrder) {
        const [red, green, blue] = colours[mark & colourBits]!
        context.globalAlpha = choosing && !(mark & chosenBit) ? opacityBehind : opacity
        context.fillStyle = `rgb(${red * 255} ${green * 255} ${blue * 255})`
        context.fill(path)
      }
    },
    dispose: () => canvas.remove(),
  }
}
