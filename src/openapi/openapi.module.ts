import { Module } from '@nestjs/common';
import { ApiDocument } from './api-document.ts';
import { DocsController } from './pages/docs.controller.ts';
import { PageAssetsController } from './pages/page-assets.controller.ts';
import { ProblemsController } from './pages/problems.controller.ts';
import { LibraryFiles } from './reference/library-files.ts';
import { ReferenceAssetsController } from './reference/reference-assets.controller.ts';

/** Pages for developers: documentation, and the meaning of errors. */
@Module({
  controllers: [ProblemsController, DocsController, PageAssetsController, ReferenceAssetsController],
  providers: [ApiDocument, LibraryFiles],
})
export class OpenApiModule {}
