// Nest is ESM; CommonJS packages that require it fail unless it was imported first.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
