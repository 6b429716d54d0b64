import {
  chosenBit,
  chosenSize,
  colourBits,
  hiddenBit,
  opacity,
  opacityBehind,
  type PointRenderer,
} from './point-renderer.ts'

const vertexShader = `#version 300 es
in vec2 place;
in uint mark;
uniform vec2 middle;
uniform vec2 reach;
uniform float size;
uniform vec3 colours[16];
uniform bool choosing;
uniform bool chosenOnly;
out vec4 tint;
void main() {
  bool chosen = (mark & ${chosenBit}u) != 0u;
  if ((mark & ${hiddenBit}u) != 0u || chosen != chosenOnly) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  gl_Position = vec4((place - middle) * reach * vec2(1.0, -1.0), 0.0, 1.0);
  gl_PointSize = chosen ? size * ${chosenSize.toFixed(2)} : size;
  tint = vec4(colours[mark & ${colourBits}u], choosing && !chosen ? ${opacityBehind} : ${opacity});
}`

const fragmentShader = `#version 300 es
precision highp float;
in vec4 tint;
out vec4 colour;
uniform float size;
void main() {
  float edge = length(gl_PointCoord - 0.5) * size;
  float alpha = tint.a * clamp(size * 0.5 - edge + 0.5, 0.0, 1.0);
  colour = vec4(tint.rgb * alpha, alpha);
}`

/**
 * Points by WebGL 2: a buffer of places, a byte of each point's mark, and two draws a frame. Null where the
 * browser has no WebGL. `onLost` is called when the graphics card was taken away.
 */
export function webglPoints(onLost: () => void): PointRenderer | null {
  const canvas = document.createElement('canvas')
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true })
  const program = gl && programOf(gl)
  if (!gl || !program) return null
  const lost = (event: Event) => {
    event.preventDefault()
    onLost()
  }
  canvas.addEventListener('webglcontextlost', lost)
  const uniform = (name: string) => gl.getUniformLocation(program, name)
  const [middle, reach, size, colours, choosing, chosenOnly] = [
    uniform('middle'),
    uniform('reach'),
    uniform('size'),
    uniform('colours'),
    uniform('choosing'),
    uniform('chosenOnly'),
  ]
  const places = attribute(gl, program, 'place', (location) =>
    gl.vertexAttribPointer(location, 2, gl.FLOAT, false, 0, 0),
  )
  const marks = attribute(gl, program, 'mark', (location) =>
    gl.vertexAttribIPointer(location, 1, gl.UNSIGNED_BYTE, 0, 0),
  )
  gl.useProgram(program)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  let count = 0
  return {
    canvas,
    setPlaces(at) {
      count = at.length / 2
      gl.bindBuffer(gl.ARRAY_BUFFER, places)
      gl.bufferData(gl.ARRAY_BUFFER, at, gl.STATIC_DRAW)
    },
    setMarks(bytes) {
      gl.bindBuffer(gl.ARRAY_BUFFER, marks)
      gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW)
    },
    draw(scene) {
      const { width, height, ratio, camera } = scene
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
      if (canvas.width !== across || canvas.height !== down) {
        canvas.width = across
        canvas.height = down
      }
      gl.viewport(0, 0, across, down)
      gl.clear(gl.COLOR_BUFFER_BIT)
      if (count === 0) return
      gl.uniform2f(middle, camera.x, camera.y)
      gl.uniform2f(reach, (2 * camera.scale) / width, (2 * camera.scale) / height)
      gl.uniform1f(size, scene.pointSize * ratio)
      gl.uniform3fv(colours, scene.colours.flat())
      gl.uniform1i(choosing, Number(scene.choosing))
      for (const chosen of scene.choosing ? [0, 1] : [0]) {
        gl.uniform1i(chosenOnly, chosen)
        gl.drawArrays(gl.POINTS, 0, count)
      }
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', lost)
      canvas.remove()
      // Browsers keep few contexts, and this one until it is collected.
      gl.getExtension('WEBGL_lose_context')?.loseContext()
    },
  }
}

function attribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  describe: (location: number) => void,
): WebGLBuffer {
  const buffer = gl.createBuffer()
  const location = gl.getAttribLocation(program, name)
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
  gl.enableVertexAttribArray(location)
  describe(location)
  return buffer
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)
    if (!shader) return null
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null
}
