export { labOf, rasterEdge, rasterPixels, toRaster, type Raster } from '../features/raster.ts'
