"""Samples the posterior of a SALT model's parameters around the best fit."""

from collections.abc import Callable
from dataclasses import dataclass

import emcee
import numpy as np

from failures import InputError
from measurements import FloatArray
from salt import BestFit

WALKERS = 16


@dataclass(frozen=True)
class Posterior:
    """Samples of shape (walkers, steps, parameters), and the mean fraction of accepted steps."""

    samples: FloatArray
    acceptance: float

    @property
    def flat(self) -> FloatArray:
        """All samples, of shape (walkers x steps, parameters)."""
        return self.samples.reshape(-1, self.samples.shape[-1])


def sample_posterior(
    chisq: Callable[[FloatArray], float],
    best: BestFit,
    bounds: FloatArray,
    *,
    steps: tuple[int, int],
    seed: int | None,
) -> Posterior:
    """Run an affine-invariant ensemble (Goodman & Weare 2010) with flat priors inside the bounds.

    Parameters
    ----------
    chisq
        Chi-square of a parameter vector of shape (parameters,).
    best
        Where the walkers start, spread by its covariance.
    bounds
        Lower and upper limits, of shape (parameters, 2).
    steps
        Steps per walker that are discarded and that are kept.
    seed
        Makes the samples repeatable; None draws a fresh one.

    Raises
    ------
    InputError
        The best fit lies so near a bound that no walkers can be placed around it.
    """
    low, high = bounds.T
    generator = np.random.default_rng(seed)
    candidates = generator.multivariate_normal(best.parameters, best.covariance, size=32 * WALKERS)
    inside = candidates[np.all((low < candidates) & (candidates < high), axis=1)]
    if len(inside) < WALKERS:
        raise InputError(
            "The best fit lies at the edge of the model's range: this is hardly a normal type Ia supernova."
        )

    def log_probability(parameters: FloatArray) -> float:
        if not np.all((low < parameters) & (parameters < high)):
            return -np.inf
        return -0.5 * chisq(parameters)

    sampler = emcee.EnsembleSampler(WALKERS, len(best.parameters), log_probability)
    state = np.random.RandomState(generator.integers(2**32, dtype=np.uint32)).get_state()
    burn_in, kept = steps
    start = emcee.State(inside[:WALKERS], random_state=state)
    if burn_in:
        start = sampler.run_mcmc(start, burn_in)
        sampler.reset()
    sampler.run_mcmc(start, kept)
    return Posterior(sampler.get_chain().swapaxes(0, 1), float(np.mean(sampler.acceptance_fraction)))
