"""Turns a function into an analysis service for Siderostat and SkyPortal: see docs/write-a-service.md."""

from siderostat_service.analysis import Analysis, analysis
from siderostat_service.failures import CannotAnalyse
from siderostat_service.result import Result
from siderostat_service.source import Source, Spectrum

__all__ = ["Analysis", "CannotAnalyse", "Result", "Source", "Spectrum", "analysis"]
