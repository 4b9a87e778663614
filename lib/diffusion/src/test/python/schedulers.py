"""Trajectories of the five schedulers on an analytic "network" that Java can compute as well.

The network is tanh(0.7 * x + 0.3 * sin(0.01 * t)), elementwise in float32, x being the scaled model
input. The second term is computed in double and rounded to float32 once.
"""

import json
import math

import torch
from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, PNDMScheduler

from store import draw, fresh, metadata, save_case, save_json

SEED = 4000
NOISE_SEED = 7  # of torch.Generator("cpu"), from which stochastic steps draw
SHAPE = (1, 4, 4, 6)
ALPHA_INDICES = (0, 1, 10, 100, 250, 500, 750, 998, 999)

STABLE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
PIXEL = {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "variance_type": "fixed_small"}
LOW_RES = {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "scaled_linear"}

DDPM = dict(STABLE, clip_sample=False)
DDIM = dict(STABLE, clip_sample=False, set_alpha_to_one=False, steps_offset=1)
PNDM = dict(STABLE, skip_prk_steps=True, set_alpha_to_one=False, steps_offset=1)
EULER = dict(STABLE, steps_offset=1, timestep_spacing="leading")
SOLVER = dict(STABLE, algorithm_type="dpmsolver++", solver_order=2, solver_type="midpoint")

CLASSES = {
    "ddpm": DDPMScheduler,
    "ddim": DDIMScheduler,
    "pndm": PNDMScheduler,
    "euler": EulerDiscreteScheduler,
    "dpmpp": DPMSolverMultistepScheduler,
}


def trajectories():
    """Case name -> (class, config, how to call it)."""
    cases = {}
    for short, name in (("eps", "epsilon"), ("v", "v_prediction")):
        as_predicted = {"prediction_type": name}
        cases[f"ddpm-{short}"] = ("ddpm", {**DDPM, **as_predicted}, {})
        cases[f"ddim-{short}"] = ("ddim", {**DDIM, **as_predicted}, {})
        cases[f"ddim-{short}-eta"] = ("ddim", {**DDIM, **as_predicted}, {"eta": 0.6})
        cases[f"pndm-{short}"] = ("pndm", {**PNDM, **as_predicted}, {"steps": 12})
        cases[f"euler-{short}"] = ("euler", {**EULER, **as_predicted}, {})
        cases[f"dpmpp-{short}"] = ("dpmpp", {**SOLVER, **as_predicted}, {})
        cases[f"dpmpp-{short}-20"] = ("dpmpp", {**SOLVER, **as_predicted}, {"steps": 20})
    for spacing in ("trailing", "linspace", "leading"):
        spaced = {"timestep_spacing": spacing}
        cases[f"ddpm-{spacing}"] = ("ddpm", {**DDPM, **spaced, "steps_offset": 1}, {})
        cases[f"ddim-{spacing}"] = ("ddim", {**DDIM, **spaced, "steps_offset": 0}, {})
        cases[f"pndm-{spacing}"] = ("pndm", {**PNDM, **spaced, "steps_offset": 0}, {})
        cases[f"euler-{spacing}"] = ("euler", {**EULER, **spaced, "steps_offset": 0}, {})
        cases[f"dpmpp-{spacing}"] = ("dpmpp", {**SOLVER, **spaced, "steps_offset": 1}, {})
    cases["ddim-alpha-one"] = ("ddim", {**DDIM, "set_alpha_to_one": True, "steps_offset": 0}, {})
    cases["ddim-clip"] = ("ddim", {**DDIM, "clip_sample": True}, {"eta": 0.6})
    cases["pndm-alpha-one"] = ("pndm", {**PNDM, "set_alpha_to_one": True, "steps_offset": 0}, {})
    cases["dpmpp-sigma-min"] = ("dpmpp", {**SOLVER, "final_sigmas_type": "sigma_min"}, {"steps": 16})
    cases["dpmpp-full-order"] = ("dpmpp", {**SOLVER, "final_sigmas_type": "sigma_min", "lower_order_final": False}, {})
    cases["ddpm-pixel"] = ("ddpm", {**PIXEL, "clip_sample": True}, {})
    cases["ddpm-pixel-large"] = ("ddpm", {**PIXEL, "variance_type": "fixed_large", "clip_sample": False}, {})
    cases["ddpm-pixel-from-12"] = ("ddpm", {**PIXEL, "clip_sample": True}, {"timesteps": list(range(12, -1, -1))})
    cases["ddpm-low-res"] = ("ddpm", {**LOW_RES, "clip_sample": True}, {})
    return cases


def network(x, timestep):
    """The analytic stand-in for a UNet."""
    return torch.tanh(0.7 * x + 0.3 * math.sin(0.01 * float(timestep)))


def trajectory(scheduler, start, step_arguments):
    """Every latent of one run, first to last, the start not included."""
    sample, latents = start, []
    for timestep in scheduler.timesteps:
        output = network(scheduler.scale_model_input(sample, timestep), timestep)
        sample = scheduler.step(output, timestep, sample, **step_arguments()).prev_sample
        latents.append(sample)
    return torch.stack(latents)


def step_arguments(kind, how):
    """Keyword arguments of step(); the generator of a stochastic scheduler is made once per run."""
    arguments = {}
    if kind == "ddim":
        arguments["eta"] = how.get("eta", 0.0)
    if kind == "ddpm" or how.get("eta", 0.0) > 0:
        arguments["generator"] = torch.Generator("cpu").manual_seed(NOISE_SEED)
    return lambda: arguments


def prepared(kind, config, how):
    scheduler = CLASSES[kind](**config)
    if "timesteps" in how:
        scheduler.set_timesteps(timesteps=how["timesteps"])
    else:
        scheduler.set_timesteps(how.get("steps", 10))
    return scheduler


def numbers(tensor):
    """Plain JSON numbers: whole ones as integers."""
    return [int(v) if float(v).is_integer() else float(v) for v in tensor.tolist()]


def float64_difference(kind, config, how, start, latents):
    """Largest difference to a run whose latents are float64: justifies the tolerance of Java's test.

    Not for DDPM and eta > 0, where a float64 run would draw other noise.
    """
    if "generator" in step_arguments(kind, how)():
        return None
    exact = trajectory(prepared(kind, config, how), start.double(), step_arguments(kind, how))
    return float((exact - latents).abs().max())


def noising(kind, config, how):
    """add_noise and get_velocity at four timesteps of the schedule, one for each sample of a batch."""
    scheduler = prepared(kind, config, how)
    every = scheduler.timesteps
    timesteps = every[torch.tensor([0, len(every) // 3, len(every) // 2, len(every) - 1])]
    original, noise = draw(SEED + 1, 4, *SHAPE[1:]), draw(SEED + 2, 4, *SHAPE[1:])
    tensors = {
        "in.original": original,
        "in.noise": noise,
        "in.noising_timesteps": timesteps,
        "out.add_noise": scheduler.add_noise(original, noise, timesteps),
    }
    if kind in ("ddpm", "ddim"):
        tensors["out.velocity"] = scheduler.get_velocity(original, noise, timesteps)
    return tensors


def make_trajectory(folder, name, kind, config, how):
    scheduler = prepared(kind, config, how)
    start = draw(SEED, *SHAPE) * scheduler.init_noise_sigma
    latents = trajectory(scheduler, start, step_arguments(kind, how))
    facts = {
        "class": type(scheduler).__name__,
        "config": json.loads(scheduler.to_json_string()),
        "timesteps": numbers(scheduler.timesteps),
        "init_noise_sigma": float(scheduler.init_noise_sigma),
        "eta": how.get("eta", 0.0),
        "noise_seed": NOISE_SEED if "generator" in step_arguments(kind, how)() else None,
        "custom_timesteps": "timesteps" in how,
        "num_inference_steps": scheduler.num_inference_steps,
        "alphas_cumprod": {str(i): float(scheduler.alphas_cumprod[i]) for i in ALPHA_INDICES},
        "float64_difference": float64_difference(kind, config, how, start, latents),
    }
    if kind in ("euler", "dpmpp"):
        facts["sigmas"] = [float(sigma) for sigma in scheduler.sigmas]
    save_json(folder / f"{name}.json", facts)
    tensors = {"in.start": start, "out.latents": latents, **noising(kind, config, how)}
    save_case(folder / f"{name}.safetensors", tensors, metadata(SEED, f"trajectory of {type(scheduler).__name__}"))


def timestep_tables():
    """Timesteps alone, for the step counts people use and some that do not divide 1000."""
    rows = []
    for kind, base in (("ddpm", DDPM), ("ddim", DDIM), ("pndm", PNDM), ("euler", EULER), ("dpmpp", SOLVER)):
        for spacing in ("leading", "trailing", "linspace"):
            for offset in (0, 1):
                for steps in (1, 2, 7, 30, 50, 100):
                    if kind == "pndm" and steps == 1:
                        continue  # PNDM with one step evaluates nothing twice and is not used
                    config = {**base, "timestep_spacing": spacing, "steps_offset": offset}
                    scheduler = prepared(kind, config, {"steps": steps})
                    rows.append(
                        {
                            "class": type(scheduler).__name__,
                            "timestep_spacing": spacing,
                            "steps_offset": offset,
                            "num_inference_steps": steps,
                            "timesteps": numbers(scheduler.timesteps),
                        }
                    )
    return rows


def make_schedulers(folder):
    fresh(folder)
    for name, (kind, config, how) in trajectories().items():
        make_trajectory(folder, name, kind, config, how)
    lines = ",\n".join(json.dumps(row) for row in timestep_tables())
    (folder / "timesteps.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


CASES = {"schedulers": make_schedulers}
