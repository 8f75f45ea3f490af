"""Kernels: the kernelspec `marketbook`, forked from a process that has imported the library already."""
