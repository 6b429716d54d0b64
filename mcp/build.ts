import { buildPackage } from '../sdk/build.ts'

buildPackage(import.meta.dirname, {
  exports: {
    '.': { types: './index.d.ts', default: './index.js' },
    './stdio': { types: './stdio.d.ts', default: './stdio.js' },
  },
})
