export { rasterEdge, rasterPixels, toRaster, type Raster } from '../features/raster.ts'
